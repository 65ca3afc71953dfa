// Reads a dump as its format says, with MongoDB's own BSON library for JavaScript: node dump.mjs FILE.bson.gz FILE.metadata.json.gz EXPECTED
// EXPECTED holds the one document of the dump, in canonical extended JSON.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { EJSON, deserialize } from 'bson';

const exact = { relaxed: false };
const unpromoted = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true };
const [documents, metadata, file] = process.argv.slice(2);

const bytes = gunzipSync(readFileSync(documents));
assert.equal(bytes.readInt32LE(0), bytes.length);
const expected = EJSON.parse(readFileSync(file, 'utf8'), exact);
const found = deserialize(bytes, unpromoted);
assert.deepEqual(Object.keys(found), Object.keys(expected));
// Deprecated types that this library turns into others when it reads them, and a time that a Date cannot hold.
const others = ['undefined', 'pointer', 'symbol', 'first date'];
for (const [name, value] of Object.entries(expected)) {
  if (!others.includes(name))
    assert.equal(EJSON.stringify({ v: found[name] }, exact), EJSON.stringify({ v: value }, exact), name);
}

const described = EJSON.parse(gunzipSync(readFileSync(metadata)).toString(), exact);
assert.equal(described.collectionName, 'every type');
assert.equal(described.type, 'collection');
assert.equal(described.indexes[0].name, '_id_');
console.log('all equal');
