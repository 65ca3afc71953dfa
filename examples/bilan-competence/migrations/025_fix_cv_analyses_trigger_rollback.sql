create or replace function complete_cv_analysis() returns trigger
language plpgsql
as $$
begin
  new.updated_at := now();
  if new.status in ('DONE', 'FAILED') then
    new.completed_at := now();
  end if;
  return new;
end;
$$;
