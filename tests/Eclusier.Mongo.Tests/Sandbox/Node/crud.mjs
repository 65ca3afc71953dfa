// What an application in Node does, through MongoDB's own driver: node crud.mjs URL FILE
// The file holds a document with every type, in canonical extended JSON.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { EJSON, deserialize, serialize } from 'bson';

const exact = { relaxed: false };
const unpromoted = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true };
const [url, file] = process.argv.slice(2);
const client = new MongoClient(url, { serverSelectionTimeoutMS: 5000 });
await client.connect();
const db = client.db();

// What the test wrote is here byte for byte, and means the same.
const raw = await db.collection('from dotnet').findOne({}, { raw: true });
const expected = EJSON.parse(readFileSync(file, 'utf8'), exact);
const found = deserialize(raw, unpromoted);
// Deprecated types that this library turns into others when it reads them, and a time that a Date cannot hold.
const others = ['undefined', 'pointer', 'symbol', 'first date'];
for (const [name, value] of Object.entries(expected)) {
  if (!others.includes(name))
    assert.equal(EJSON.stringify({ v: found[name] }, exact), EJSON.stringify({ v: value }, exact), name);
}
assert.deepEqual(Object.keys(found), Object.keys(expected));
for (const name of others) delete expected[name];
await db.collection('from node').insertOne(expected);

const people = db.collection('people');
const many = await people.insertMany(Array.from({ length: 500 }, (_, i) => ({ _id: i, age: i % 50, tags: ['t' + (i % 3)], at: { n: i } })));
assert.equal(many.insertedCount, 500);
assert.equal((await people.find({ age: { $lt: 10 } }).sort({ _id: -1 }).batchSize(7).toArray()).length, 100);
assert.deepEqual((await people.find().sort({ age: -1, _id: 1 }).skip(1).limit(2).project({ age: 1 }).toArray()), [{ _id: 99, age: 49 }, { _id: 149, age: 49 }]);
assert.equal((await people.updateMany({ tags: 't0' }, { $set: { 'at.seen': true }, $inc: { age: 100 } })).modifiedCount, 167);
assert.equal((await people.updateOne({ _id: 'new' }, { $setOnInsert: { a: 1 }, $push: { l: { $each: [3, 1], $sort: 1 } } }, { upsert: true })).upsertedId, 'new');
assert.deepEqual((await people.findOne({ _id: 'new' })), { _id: 'new', a: 1, l: [1, 3] });
assert.equal((await people.replaceOne({ _id: 1 }, { age: 1 })).modifiedCount, 1);
assert.equal((await people.findOneAndUpdate({ _id: 1 }, { $inc: { age: 1 } }, { returnDocument: 'after' })).age, 2);
assert.equal((await people.findOneAndDelete({ _id: 2 }))._id, 2);
assert.equal((await people.deleteMany({ age: { $gte: 100 } })).deletedCount, 167);
assert.equal(await people.countDocuments({}), 333);
assert.equal(await people.estimatedDocumentCount(), 333);
assert.deepEqual(await people.distinct('tags'), ['t1', 't2']);
const groups = await people.aggregate([{ $match: { tags: { $exists: true } } }, { $unwind: '$tags' }, { $group: { _id: '$tags', n: { $sum: 1 } } }, { $sort: { _id: 1 } }]).toArray();
assert.deepEqual(groups, [{ _id: 't1', n: 166 }, { _id: 't2', n: 165 }]);

assert.equal(await people.createIndex({ 'at.n': 1 }, { unique: true, sparse: true }), 'at.n_1');
await assert.rejects(people.insertOne({ at: { n: 5 } }), (e) => e.code === 11000 && e.keyValue['at.n'] === 5);
assert.deepEqual((await people.indexes()).map((index) => index.name), ['_id_', 'at.n_1']);
await assert.rejects(people.createIndex({ 'at.n': 1 }), { code: 86 });
await people.dropIndex('at.n_1');

const bulk = await people.bulkWrite([
  { insertOne: { document: { _id: 'b' } } }, { insertOne: { document: { _id: 'c' } } },
  { updateOne: { filter: { _id: 'b' }, update: { $set: { x: 1 } } } }, { deleteOne: { filter: { _id: 'c' } } }]);
assert.deepEqual([bulk.insertedCount, bulk.modifiedCount, bulk.deletedCount], [2, 1, 1]);

await client.withSession(async (session) => { await people.insertOne({ _id: 'in session' }, { session }); });
await people.rename('folk');
assert.deepEqual((await db.listCollections().toArray()).map((c) => c.name).sort(), ['folk', 'from dotnet', 'from node']);
await db.collection('other').insertOne({});
await db.collection('folk').rename('other', { dropTarget: true });
assert.equal(await db.collection('other').countDocuments(), 335);
await db.createCollection('valid', { validator: { a: { $type: 'string' } } });
assert.deepEqual((await db.listCollections({ name: 'valid' }).toArray())[0].options, { validator: { a: { $type: 'string' } } });
assert.equal((await db.stats()).collections, 4);
assert.ok((await db.admin().listDatabases()).databases.some((d) => d.name === db.databaseName));
await assert.rejects(db.command({ nonsense: 1 }), { code: 59, codeName: 'CommandNotFound' });

const large = { _id: 'large', t: 'x'.repeat(16 * 1024 * 1024 - 100) };
await db.collection('other').insertOne(large);
assert.equal(serialize(await db.collection('other').findOne({ _id: 'large' })).length, serialize(large).length);
await client.close();
console.log('all equal');
