drop table qualiopi_evidence;
