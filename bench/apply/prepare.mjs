// Writes the same N small migrations in each tool's own layout: node prepare.mjs COUNT FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [count, folder] = [Number(process.argv[2]), process.argv[3]];
const entries = [];
for (const name of ['eclusier', 'dbmate', 'drizzle/meta', 'psql']) mkdirSync(join(folder, name), { recursive: true });
for (let n = 1; n <= count; n++) {
  const version = String(n).padStart(5, '0');
  const statements = [
    `create table bench_${n} (id bigint primary key, name text not null, created_at timestamptz not null default now());`,
    `create index bench_${n}_name on bench_${n} (name);`,
    `alter table bench_${n} add column note text;`,
  ];
  const sql = statements.join('\n') + '\n';
  writeFileSync(join(folder, 'eclusier', `${version}_bench.sql`), sql);
  writeFileSync(join(folder, 'psql', `${version}_bench.sql`), `begin;\n${sql}commit;\n`);
  writeFileSync(join(folder, 'dbmate', `2026010100${version}_bench.sql`), `-- migrate:up\n${sql}\n-- migrate:down\ndrop table bench_${n};\n`);
  writeFileSync(join(folder, 'drizzle', `${version}_bench.sql`), statements.join('\n--> statement-breakpoint\n'));
  entries.push({ idx: n, version: '7', when: 1767225600000 + n, tag: `${version}_bench`, breakpoints: true });
}
writeFileSync(join(folder, 'drizzle/meta/_journal.json'), JSON.stringify({ version: '7', dialect: 'postgresql', entries }));
