-- Question banks of the preliminary phase: values and interests.
create table values_questions (
  id integer primary key,
  dimension text not null,
  text_fr text not null unique,
  position smallint not null
);
create table interests_questions (
  id integer primary key,
  domain text not null,
  text_fr text not null unique,
  position smallint not null
);
create index values_questions_dimension_idx on values_questions (dimension, position);
create index interests_questions_domain_idx on interests_questions (domain, position);

insert into values_questions (id, dimension, text_fr, position)
select row_number() over (), dimension, text_fr, row_number() over (partition by dimension)
from (values
  ('Autonomie', 'Je préfère organiser mon travail moi-même.'),
  ('Autonomie', 'Je décide volontiers sans demander d''avis.'),
  ('Reconnaissance', 'Il compte pour moi que mon travail soit vu.'),
  ('Reconnaissance', 'Un remerciement me motive plus qu''une prime.'),
  ('Sécurité', 'Un emploi stable passe avant un emploi passionnant.'),
  ('Sécurité', 'Je n''aime pas ignorer ce que sera l''année prochaine.'),
  ('Altruisme', 'Je veux que mon travail aide quelqu''un.'),
  ('Altruisme', 'Je donne de mon temps sans compter.'),
  ('Réussite', 'Je me fixe des objectifs difficiles.'),
  ('Réussite', 'Je compare mes résultats à ceux des autres.'),
  ('Équilibre', 'Mes soirées appartiennent à ma famille.'),
  ('Équilibre', 'Je refuse un poste qui prend mes week-ends.')
) as question (dimension, text_fr);

insert into interests_questions (id, domain, text_fr, position)
select row_number() over (), domain, text_fr, row_number() over (partition by domain)
from (values
  ('Nature', 'Travailler dehors, par tous les temps.'),
  ('Nature', 'Soigner des animaux ou des plantes.'),
  ('Technique', 'Comprendre comment une machine fonctionne.'),
  ('Technique', 'Réparer ce qui est cassé.'),
  ('Art', 'Dessiner, écrire ou jouer de la musique.'),
  ('Art', 'Choisir des couleurs et des formes.'),
  ('Social', 'Écouter quelqu''un qui a besoin de parler.'),
  ('Social', 'Apprendre quelque chose à un groupe.'),
  ('Commerce', 'Convaincre un client.'),
  ('Commerce', 'Négocier un prix.'),
  ('Chiffres', 'Tenir des comptes exacts.'),
  ('Chiffres', 'Trouver l''erreur dans un tableau.')
) as question (domain, text_fr);
