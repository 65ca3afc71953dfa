drop table qualiopi_indicators;
