-- The clients of production and their agents, without calls, so that staging has something to show. Rows only.

insert into public.clients (id, name, slug, industry) values
  ('c0000000-0000-4000-8000-000000000001', 'Clinique vétérinaire du Parc', 'clinique-du-parc', 'santé'),
  ('c0000000-0000-4000-8000-000000000002', 'Garage Lefèvre', 'garage-lefevre', 'automobile'),
  ('c0000000-0000-4000-8000-000000000003', 'Immobilière des Quais', 'immobiliere-des-quais', 'immobilier'),
  ('c0000000-0000-4000-8000-000000000004', 'Assurances Bellerive', 'assurances-bellerive', 'assurance'),
  ('c0000000-0000-4000-8000-000000000005', 'Énergie Verte Conseil', 'energie-verte-conseil', 'énergie'),
  ('c0000000-0000-4000-8000-000000000006', 'Hôtel Mirabeau', 'hotel-mirabeau', 'hôtellerie')
on conflict (slug) do nothing;

insert into public.agent_deployments (id, client_id, agent_type_id, name, slug, cost_per_minute, deployed_at)
select imported.id::uuid, client.id, agent_type.id, agent_type.display_name || ' - ' || client.name, agent_type.name, imported.cost_per_minute, imported.deployed_at::timestamptz
from (values
  ('d0000000-0000-4000-8000-000000000001', 'clinique-du-parc', 'louis', 0.1900, '2025-06-02 09:00+02'),
  ('d0000000-0000-4000-8000-000000000002', 'clinique-du-parc', 'arthur', 0.2200, '2025-09-15 09:00+02'),
  ('d0000000-0000-4000-8000-000000000003', 'garage-lefevre', 'louis', 0.1900, '2025-06-10 09:00+02'),
  ('d0000000-0000-4000-8000-000000000004', 'garage-lefevre', 'arthur', 0.2200, '2025-06-10 09:00+02'),
  ('d0000000-0000-4000-8000-000000000005', 'immobiliere-des-quais', 'louis', 0.1700, '2025-07-01 09:00+02'),
  ('d0000000-0000-4000-8000-000000000006', 'immobiliere-des-quais', 'arthur', 0.2000, '2025-07-01 09:00+02'),
  ('d0000000-0000-4000-8000-000000000007', 'assurances-bellerive', 'louis', 0.1500, '2025-07-21 09:00+02'),
  ('d0000000-0000-4000-8000-000000000008', 'assurances-bellerive', 'arthur', 0.1800, '2025-08-25 09:00+02'),
  ('d0000000-0000-4000-8000-000000000009', 'energie-verte-conseil', 'arthur', 0.1800, '2025-08-04 09:00+02'),
  ('d0000000-0000-4000-8000-000000000010', 'hotel-mirabeau', 'louis', 0.1900, '2025-10-06 09:00+02')
) as imported (id, client_slug, agent_type_name, cost_per_minute, deployed_at)
join public.clients client on client.slug = imported.client_slug
join public.agent_types agent_type on agent_type.name = imported.agent_type_name
on conflict (client_id, slug) do nothing;

-- The hotel closes for the winter.
update public.agent_deployments deployment
set status = 'paused'
from public.clients client
where client.id = deployment.client_id and client.slug = 'hotel-mirabeau' and deployment.slug = 'louis';
