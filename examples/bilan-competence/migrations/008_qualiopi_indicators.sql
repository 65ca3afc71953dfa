create table qualiopi_indicators (
  id smallint primary key check (id between 1 and 32),
  criterion smallint not null check (criterion between 1 and 7),
  title text not null,
  is_mandatory boolean not null default true
);
create index qualiopi_indicators_criterion_idx on qualiopi_indicators (criterion);
insert into qualiopi_indicators (id, criterion, title)
select n, 1 + (n - 1) / 5, format('Indicateur %s du référentiel national qualité', n) from generate_series(1, 32) n;
