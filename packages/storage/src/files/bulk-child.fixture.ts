import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import { openChildWorld } from "./child-world.fixture.ts";

// A bulk load: many records a transaction until so many transactions are acknowledged or one is refused. Says both on stdout and ends in good order.
const directory = process.argv[2]!;
const [rotateBytes, batchChanges, most] = process.argv.slice(3).map(Number) as [number, number, number];
const RECORDS = 500;
const { world, writeNotes, close } = await openChildWorld(directory, { rotateBytes, batchChanges });
const first = world.revision();
for (let part = first; part < first + most; part++) {
  const notes = Array.from({ length: RECORDS }, (_, i) => ({
    id: `note:${part}-${i}`,
    text: Array.from({ length: 4 }, () => crypto.randomUUID()).join(),
  }));
  try {
    await writeNotes(`part ${part}`, notes);
    process.stdout.write(`acknowledged ${part}\n`);
  } catch (error) {
    process.stdout.write(`refused ${error instanceof DoppelwerkError ? error.code : String(error)}\n`);
    break;
  }
}
// Reading goes on whatever the disk says.
process.stdout.write(`reads ${world.reader(LIVE).query({ kind: "note", limit: 1 }).length}\n`);
await close();
