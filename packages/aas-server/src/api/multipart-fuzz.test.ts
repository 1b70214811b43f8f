import { Readable } from "node:stream";
import { DoppelwerkError, type Blobs } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { AasRefusal } from "./answers.ts";
import { attachmentHeader, formOf, readUpload, safeName } from "./multipart.ts";

const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
const rounds = process.env["SOAK"] === undefined ? 600 : 50_000;
console.info(`seed of the fuzz of uploads: ${seed} (FUZZ_SEED), ${rounds} rounds`);
let state = seed >>> 0;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const pick = <T>(all: readonly T[]): T => all[random(all.length)]!;

/** Files that are being taken, and how many were left. */
const open = { count: 0 };
const stage = (async (stream: AsyncIterable<Uint8Array>) => {
  open.count++;
  let size = 0;
  try {
    for await (const piece of stream) size += piece.length;
  } catch (error) {
    open.count--;
    throw error;
  }
  return { size, drop: async () => void open.count-- };
}) as unknown as Blobs["stage"];

const SPLICES = [
  "\r\n",
  "\r\n\r\n",
  "--b",
  "--b--",
  '"',
  "; filename=",
  "; name=file",
  "\u0000",
  "%0d%0a",
  "Content-Type: ",
  "=?utf-8?",
  "a".repeat(5_000),
];

test("[SV357] fuzz: an upload of any octets is read or refused as one, nothing of it stays open, and its name is a name", async () => {
  const good = [
    '--b\r\nContent-Disposition: form-data; name="fileName"\r\n\r\nplan.pdf\r\n',
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7 text\r\n--b--\r\n',
  ].join("");
  let taken = 0;
  for (let n = 0; n < rounds; n++) {
    let text = good;
    for (let changes = random(5); changes > 0; changes--) {
      const at = random(text.length + 1);
      text = pick([text.slice(0, at) + pick(SPLICES) + text.slice(at), text.slice(0, at) + text.slice(at + random(30)), text.slice(0, at)]);
    }
    const type =
      random(8) === 0
        ? pick(["multipart/form-data", 'multipart/form-data; boundary="', "text/plain", "multipart/form-data; boundary=" + "b".repeat(300)])
        : "multipart/form-data; boundary=b";
    const octets = Buffer.from(text);
    const cuts = [0, ...Array.from({ length: 5 }, () => random(octets.length + 1)).toSorted((a, b) => a - b), octets.length];
    const pieces = Array.from({ length: 6 }, (_, at) => octets.subarray(cuts[at], cuts[at + 1]));
    try {
      const upload = await readUpload(Readable.from(pieces), type, stage);
      try {
        const { file } = formOf(upload);
        expect(file.name, `seed ${seed}`).toBe(safeName(file.name));
        expect(file.name, `seed ${seed}`).not.toMatch(/[/\\\p{Cc}]/u);
        taken++;
      } finally {
        await upload.end();
      }
    } catch (error) {
      const isRefusal = error instanceof AasRefusal || error instanceof DoppelwerkError;
      if (!isRefusal) throw new Error(`seed ${seed}: ${JSON.stringify(text).slice(0, 1_500)}`, { cause: error });
    }
    expect(open.count, `seed ${seed}: ${JSON.stringify(text).slice(0, 1_500)}`).toBe(0);
  }
  expect(taken).toBeGreaterThan(rounds / 20);
}, 120_000);

test("[SV357] an upload that breaks off in a file of another name, in a second file or in a field is one refusal, and the process goes on", async () => {
  const file = (name: string) => `--b\r\nContent-Disposition: form-data; name="${name}"; filename="a"\r\n\r\nsome octets`;
  const bodies = [
    file("other"),
    `${file("file")}\r\n${file("file")}`,
    `${file("file")}\r\n${file("other")}`,
    `${file("file")}\r\n--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nsome`,
    file("file"),
  ];
  for (const body of bodies)
    for (const at of [10, body.length - 5, body.length]) {
      const pieces = [Buffer.from(body.slice(0, at)), Buffer.from(body.slice(at))];
      await expect(readUpload(Readable.from(pieces), "multipart/form-data; boundary=b", stage)).rejects.toBeInstanceOf(AasRefusal);
      expect(open.count).toBe(0);
    }
});

test("[SV357] the name of a file that is offered has no mark that turns it round or hides a part of it", () => {
  for (const name of ["invoice\u202egnp.exe", "a\u200bb.pdf", "\u2066x\u2069.zip", "a\u061cb", "\ufeffa.txt"]) {
    expect(safeName(name), JSON.stringify(name)).not.toMatch(/\p{Cf}/u);
    expect(decodeURIComponent(attachmentHeader(name).split("''")[1]!)).not.toMatch(/\p{Cf}/u);
  }
  expect(safeName("مریم\u200cپور.pdf")).toBe("مریم\u200cپور.pdf");
  expect(safeName("图纸 7.pdf")).toBe("图纸 7.pdf");
});
