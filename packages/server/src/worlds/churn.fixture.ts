// Creates, renames, changes and deletes worlds of a data folder until it is killed.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { WorldFolders } from "./world-folders.ts";

const worlds = new WorldFolders(process.argv[2]!, "churn");
process.stdout.write("begins\n");
for (let turn = 0; ; turn++) {
  const name = `w${process.pid}-${turn}`;
  await worlds.create(name, `World ${turn}`);
  // something to remove
  for (let file = 0; file < 20; file++) writeFileSync(join(worlds.directory(name), `part-${file}.json`), "{}".repeat(1_000));
  await worlds.change(name, (file) => ({ ...file, archivedAt: file.createdAt }));
  await worlds.rename(name, `${name}-renamed`);
  if (turn % 3 !== 0) await worlds.remove(`${name}-renamed`);
}
