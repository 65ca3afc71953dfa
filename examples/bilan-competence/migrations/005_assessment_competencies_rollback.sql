drop table assessment_competencies;
