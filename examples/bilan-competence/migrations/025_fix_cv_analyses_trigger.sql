-- A failed analysis is not a completed one, and a second update keeps the first time.
create or replace function complete_cv_analysis() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  if new.status = 'DONE' and old.status is distinct from 'DONE' then
    new.completed_at := now();
  end if;
  return new;
end;
$$;
