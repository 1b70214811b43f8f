import { readPack } from "./pack-source.ts";
import { addPack } from "./pack-store.ts";
import { smallPack, writePack } from "./packs.fixture.ts";

// Adds one version of a pack after another to a data folder, until somebody ends this process.

const [data, scratch] = process.argv.slice(2) as [string, string];
const large = "x".repeat(200_000);
const given = ["0.1.0", "0.2.0"].map((version) => {
  const more = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`assets/${at}.txt`, `${version} ${large}`]));
  return readPack(writePack(`${scratch}/${version}`, smallPack(more, {}, version)));
});
for (let turn = 0; ; turn++) {
  await addPack(data, given[turn % given.length]!, new Date());
  process.stdout.write("added\n");
}
