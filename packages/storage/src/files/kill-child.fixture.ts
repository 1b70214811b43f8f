import { flushCompileCache } from "node:module";
import { openChildWorld } from "./child-world.fixture.ts";

// Opens a folder and writes without end, saying each acknowledged name on stdout, until it is killed.
process.stdout.write("opening\n");
const { writeNotes } = await openChildWorld(process.argv[2]!, { rotateBytes: 40_000, batchChanges: 8, fan: 3 });
const round = process.argv[3];
// A killed process writes no compile cache, and without one most of the test is parsing.
if (round === "0") flushCompileCache();
process.stdout.write("ready\n");
await Promise.all(
  Array.from({ length: 8 }, async (_, writer) => {
    for (let i = 0; ; i++) {
      const name = `${round}-${writer}-${i}`;
      await writeNotes("write", [{ id: `note:${name}`, text: "x".repeat(50 + (i % 200)) }]);
      process.stdout.write(`${name}\n`);
    }
  }),
);
