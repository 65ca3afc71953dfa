// Applies a folder with drizzle-orm's own migrator: node drizzle.mjs URL FOLDER
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

const [url, migrationsFolder] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: 1 });
await migrate(drizzle(pool), { migrationsFolder });
await pool.end();
