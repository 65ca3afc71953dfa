-- The redundant accounts of the first version: who is there only gets a profile, keys that are there only are copied, and the table goes.

-- First of all, so that nobody writes what the merge would not see.
revoke insert, update, delete on public.users from anon, authenticated, service_role;

insert into public.profiles (id, email, full_name, pubkey, created_at)
select account.id, account.email, account.name, account.pubkey, account.created_at
from public.users account
where not exists (select from public.profiles person where person.id = account.id);

update public.profiles person set pubkey = account.pubkey
from public.users account
where account.id = person.id and person.pubkey is null and account.pubkey is not null;

create or replace view crm_private.people with (security_invoker = true) as select id from public.profiles;

drop table public.users;
