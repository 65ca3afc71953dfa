// Writes migrations for the linters: prepare.mjs FILES STATEMENTS-PER-FILE FOLDER
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [files, statements, folder] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
mkdirSync(folder, { recursive: true });
const kinds = [
  (n) => `create table t_${n} (id bigint primary key, name text not null, created_at timestamptz not null default now());`,
  (n) => `create index t_${n}_name on t_${n} (name);`,
  (n) => `alter table orders add column c_${n} text;`,
  (n) => `create index orders_c_${n} on orders (c_${n});`,
  (n) => `alter table orders add constraint orders_k_${n} check (c_${n} <> '') not valid;`,
  (n) => `update orders set c_${n} = note where id between ${n} and ${n + 100};`,
  (n) => `create view v_${n} as select o.id, c.name from orders o join customers c on c.id = o.customer_id where o.c_${n} is not null;`,
];
let n = 0;
for (let file = 1; file <= files; file++) {
  const lines = [];
  for (let i = 0; i < statements; i++, n++) lines.push(kinds[n % kinds.length](n));
  writeFileSync(join(folder, `${String(file).padStart(4, "0")}_m.sql`), lines.join("\n") + "\n");
}
