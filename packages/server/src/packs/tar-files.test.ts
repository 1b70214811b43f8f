import { gunzipSync as inflated, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { archiveOf, smallPack, tarGz, type TarEntry } from "./packs.fixture.ts";
import { readTarGz } from "./tar-files.ts";

const file = (name: string, content = "x"): TarEntry => ({ name, content: Buffer.from(content) });
const pax = (record: string): TarEntry => {
  const length = (size: number): number => (`${size} ${record}\n`.length === size ? size : length(`${size} ${record}\n`.length));
  return { name: "pax", type: "x", content: Buffer.from(`${length(record.length)} ${record}\n`) };
};

test("[PK2] the files of an archive of npm pack are read without its outermost folder, long names too", () => {
  expect(readTarGz(archiveOf(smallPack()))).toEqual(smallPack());
  const long = `package/${"folder/".repeat(20)}file.js`;
  const files = readTarGz(
    tarGz([
      { name: "package/", type: "5" },
      pax(`path=${long}`),
      file("package/short.js"),
      { name: "L", type: "L", content: Buffer.from(`${long}2\0`) },
      file("package/other"),
    ]),
  );
  expect([...files.keys()]).toEqual([long.slice(8), `${long.slice(8)}2`]);
});

test.each<[string, RegExp, Uint8Array]>([
  ["a name that leads out", /\.\.\/evil/, tarGz([file("package/../evil.js")])],
  ["a name that leads out by a long name", /\.\.\/evil/, tarGz([pax("path=package/a/../../../evil.js"), file("package/good.js")])],
  ["an absolute name", /no name of a file/, tarGz([file("//etc/passwd")])],
  ["a name of Windows", /C:/, tarGz([file("package/C:\\evil.js")])],
  ["a hidden character in a name", /no name of a file/, tarGz([file("package/a\u202eb.js")])],
  ["a symbolic link", /no links/, tarGz([{ name: "package/link", type: "2", link: "/etc/passwd" }])],
  ["a hard link", /no links/, tarGz([{ name: "package/link", type: "1", link: "package/a" }])],
  ["a device", /no links/, tarGz([{ name: "package/null", type: "3" }])],
  ["a file twice", /twice/, tarGz([file("package/a.js"), file("package/a.js", "y")])],
  ["a file beside its folder", /outermost folder/, tarGz([file("a.js")])],
  ["a size beyond its end", /damaged/, tarGz([{ ...file("package/a.js"), size: "00077777777\0" }])],
  ["a size that is no number", /damaged/, tarGz([{ ...file("package/a.js"), size: "9999999\0" }])],
  ["a size of its own in pax", /damaged/, tarGz([pax("size=9"), file("package/a.js")])],
  ["a bomb", /at most 200 MB/, gzipSync(Buffer.alloc(500e6))],
  ["a file over the bound", /larger than 50 MB/, tarGz([{ name: "package/a", content: Buffer.alloc(50e6 + 1) }])],
  ["too many files", /at most 5000 files|at most 5,000 files/, tarGz(Array.from({ length: 5_001 }, (_, at) => file(`package/${at}`, "")))],
  ["no compression", /no archive/, Buffer.from("PK")],
])("[PK2] an archive with %s is refused, and says so", (_, said, archive) => {
  expect(() => readTarGz(archive)).toThrow(said);
});

const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_129);

test(`[PK2] fuzz: an archive with octets changed anywhere is read or refused, and no name leaves the folder (seed ${seed})`, () => {
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const whole = Buffer.concat([...smallPack()].map(([, content]) => Buffer.from(content)));
  const sound = archiveOf(new Map([...smallPack(), ["assets/large.bin", whole]]));
  let refused = 0;
  for (let round = 0; round < 500; round++) {
    const spoilt = tarGzWith(sound, random);
    try {
      for (const name of readTarGz(spoilt).keys()) expect(name.split("/")).not.toContain("..");
    } catch (error) {
      refused++;
      expect(error).toMatchObject({ code: "DW_INVALID" });
    }
  }
  expect(refused).toBeGreaterThan(0);
});

/** Octets changed in the archive or in the tar inside. */
function tarGzWith(archive: Buffer, random: (below: number) => number): Buffer {
  const isInside = random(2) === 0;
  const octets = Buffer.from(isInside ? inflated(archive) : archive);
  for (let changes = 1 + random(4); changes > 0; changes--) octets[random(octets.length)] = random(256);
  return isInside ? gzipSync(octets) : octets;
}
