namespace Eclusier.Postgres.Hazards;

/// <summary>The tables that the rules' examples are written for. The tests build them, and hold every claim against a server.</summary>
public static class ExampleSchema
{
    public const string Sql = """
        create table customers (id bigint primary key, name text not null, email text);
        create table orders (id bigint primary key, customer_id bigint, total numeric, note varchar(50), status text, placed_at timestamptz);
        create index orders_status on orders (status);
        create table accounts (id bigint primary key, owner text);
        alter table accounts enable row level security;
        create view open_orders as select id, customer_id from orders where status = 'open';
        create materialized view order_totals as select customer_id, sum(total) as total from orders group by customer_id;
        create unique index order_totals_customer on order_totals (customer_id);
        create type mood as enum ('sad', 'glad');
        create function order_count() returns bigint language sql as 'select count(*) from orders';
        create function touch() returns trigger language plpgsql as 'begin return new; end';
        create table events (id bigint, at date not null) partition by range (at);
        create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
        create table events_2027 (id bigint, at date not null);
        create schema archive;
        create domain weight as numeric;
        create table parcels (id bigint primary key, weight weight);
        create policy accounts_owner on accounts using (owner = current_user);
        create table invoices (id bigint primary key, net numeric, gross numeric generated always as (net * 1.2) stored);
        create role reader;
        """;
}
