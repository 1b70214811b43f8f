import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { HistoryDamage, MissingSamples } from "@doppelwerk/world";
import type { FileLayer, OpenFile } from "../files/file-layer.ts";
import { decodeBlock, summarise, type BlockSummary } from "./block.ts";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import { readPreface } from "./preface.ts";
import { isMagic, MAGIC_BYTES, SegmentFile, TRAILER_BYTES, writeAll, type SegmentSpan, type SeriesName } from "./segment-file.ts";
import { ENTRY_BYTES, isEntryWhole, SegmentIndex, writeEntry, type BlockPlace } from "./segment-index.ts";

/** A name for a damaged file that no file bears yet. */
export function asideName(names: readonly string[], name: string): string {
  for (let n = 1; ; n++) {
    const aside = `${name}.damaged${n === 1 ? "" : n}`;
    if (!names.includes(aside)) return aside;
  }
}

const COPY_BYTES = 1 << 20;

/** Name of a copy of a damaged file, on disk; one that an interrupted attempt made is taken again. */
export function keepCopy(layer: FileLayer, directory: string, name: string): string {
  const names = layer.list(directory);
  const made = names.find((other) => other.startsWith(`${name}.damaged`) && isAside(other) && isSame(layer, directory, name, other));
  if (made !== undefined) return made;
  const aside = asideName(names, name);
  const temporary = join(directory, `${aside}.new`);
  if (names.includes(`${aside}.new`)) layer.remove(temporary);
  const from = layer.open(join(directory, name), "read");
  try {
    const to = layer.open(temporary, "create");
    try {
      const read = reading(from);
      for (let at = 0, size = from.size(); at < size; at += COPY_BYTES) writeAll(to, read(at, COPY_BYTES), at);
      to.fsync();
    } finally {
      to.close();
    }
  } finally {
    from.close();
  }
  layer.rename(temporary, join(directory, aside));
  layer.fsyncDirectory(directory);
  return aside;
}

function isAside(name: string): boolean {
  return /\.damaged\d*$/.test(name);
}

function isSame(layer: FileLayer, directory: string, one: string, other: string): boolean {
  const files = [one, other].map((name) => layer.open(join(directory, name), "read"));
  try {
    const [a, b] = files as [OpenFile, OpenFile];
    if (a.size() !== b.size()) return false;
    for (let at = 0; at < a.size(); at += COPY_BYTES)
      if (crc32(reading(a)(at, COPY_BYTES)) !== crc32(reading(b)(at, COPY_BYTES))) return false;
    return true;
  } finally {
    for (const file of files) file.close();
  }
}

export function writeReport(layer: FileLayer, directory: string, damage: HistoryDamage): void {
  const path = join(directory, `${damage.file}.json`);
  if (layer.list(directory).includes(`${damage.file}.json.new`)) layer.remove(`${path}.new`);
  const file = layer.open(`${path}.new`, "create");
  try {
    writeAll(file, new TextEncoder().encode(JSON.stringify(damage)), 0);
    file.fsync();
  } finally {
    file.close();
  }
  layer.rename(`${path}.new`, path);
  layer.fsyncDirectory(directory);
}

/** Reports of all files set aside so far. A report that cannot be read still says that the file is there. */
export function readReports(layer: FileLayer, directory: string, names: readonly string[]): readonly HistoryDamage[] {
  return names.flatMap((name): HistoryDamage[] => {
    if (!isAside(name)) return [];
    const unread: HistoryDamage = { file: name, why: "set aside earlier", missing: [], unknown: true };
    if (!names.includes(`${name}.json`)) return [unread];
    try {
      const file = layer.open(join(directory, `${name}.json`), "read");
      try {
        return [JSON.parse(new TextDecoder().decode(reading(file)(0, file.size()))) as HistoryDamage];
      } finally {
        file.close();
      }
    } catch {
      return [unread];
    }
  });
}

/** What is whole of a damaged segment, and what is not. Blocks count as whole when both their entry and their bytes match their checks. */
export function salvage(
  layer: FileLayer,
  directory: string,
  name: string,
  span: SegmentSpan,
): { readonly segment: SegmentFile; readonly damage: HistoryDamage } {
  const file = layer.open(join(directory, name), "read");
  try {
    const read = reading(file);
    const size = file.size();
    const preface = readPreface(read, MAGIC_BYTES.length);
    const footer = readFooter(read, size);
    const names = new Map((preface ?? []).map(({ name: series }) => [series.number, series]));
    for (const series of footer.names) names.set(series.number, series);
    const entries = new ByteWriter(1 << 12);
    const missing: (MissingSamples & { readonly number: number })[] = [];
    const kept = new Map<number, number>();
    let before = { series: 0, first: Number.NEGATIVE_INFINITY };
    for (let at = 0; at + ENTRY_BYTES <= footer.entries.length; at += ENTRY_BYTES) {
      const bytes = footer.entries.slice(at, at + ENTRY_BYTES);
      if (!footer.whole && !isEntryWhole(bytes)) continue;
      const entry = new SegmentIndex(bytes);
      const place = entry.place(0);
      const series = names.get(place.series);
      if (series === undefined) continue;
      const summary = wholeBlock(read, place);
      if (summary === undefined) {
        const { first, last, count } = entry.summary(0);
        missing.push({ number: series.number, branch: series.branch, signal: series.signal, from: first, to: last, count });
        continue;
      }
      if (place.series < before.series || (place.series === before.series && summary.first < before.first)) continue;
      before = { series: place.series, first: summary.first };
      writeEntry(entries, place, summary);
      kept.set(place.series, (kept.get(place.series) ?? 0) + summary.count);
    }
    for (const { name: series, first, last, count } of preface ?? []) {
      const told = missing.reduce((sum, part) => sum + (part.number === series.number ? part.count : 0), 0);
      const rest = count - (kept.get(series.number) ?? 0) - told;
      if (rest > 0)
        missing.push({ number: series.number, branch: series.branch, signal: series.signal, from: first, to: last, count: rest });
    }
    const index = new SegmentIndex(entries.written.slice());
    const unknown = preface === undefined && !footer.whole;
    const why = footer.whole
      ? `${missing.length === 1 ? "a block does" : `${missing.length} blocks do`} not match the checksum`
      : footer.why;
    return {
      segment: new SegmentFile(layer, directory, name, { span, index, names: [...names.values()] }),
      damage: {
        file: name,
        why,
        missing: missing.map(({ branch, signal, from, to, count }) => ({ branch, signal, from, to, count })),
        unknown,
      },
    };
  } finally {
    file.close();
  }
}

interface Footer {
  readonly entries: Uint8Array;
  readonly names: readonly SeriesName[];
  /** It matches its checksum. */
  readonly whole: boolean;
  readonly why: string;
}

function noFooter(why: string): Footer {
  return { entries: new Uint8Array(0), names: [], whole: false, why };
}

function readFooter(read: (offset: number, length: number) => Uint8Array, size: number): Footer {
  const trailer = read(size - TRAILER_BYTES, TRAILER_BYTES);
  if (trailer.length < TRAILER_BYTES || !isMagic(trailer.subarray(16))) return noFooter("its end is missing");
  const reader = new ByteReader(trailer);
  const entriesAt = reader.f64();
  const entriesLength = reader.u32();
  const crc = reader.u32();
  const length = size - TRAILER_BYTES - entriesAt;
  if (!Number.isInteger(entriesAt) || entriesAt < 0 || !(length >= entriesLength)) return noFooter("its trailer is wrong");
  const footer = read(entriesAt, length);
  const entries = footer.subarray(0, entriesLength);
  if (crc32(footer) !== crc) return { ...noFooter("its index does not match its checksum"), entries };
  const names = new ByteReader(footer, entriesLength);
  return {
    entries,
    names: Array.from({ length: names.u32() }, () => ({ number: names.u32(), branch: names.text(), signal: names.text() })),
    whole: true,
    why: "",
  };
}

function wholeBlock(read: (offset: number, length: number) => Uint8Array, place: BlockPlace): BlockSummary | undefined {
  const bytes = read(place.offset, place.length);
  if (bytes.length < place.length || crc32(bytes) !== place.crc) return undefined;
  try {
    return summarise(decodeBlock(bytes, place));
  } catch {
    return undefined;
  }
}

/** Reads what there is: fewer bytes at the end of the file, none where the disk refuses. */
function reading(file: OpenFile): (offset: number, length: number) => Uint8Array {
  const size = file.size();
  return (offset, length) => {
    const bytes = new Uint8Array(offset >= 0 ? Math.max(0, Math.min(length, size - offset)) : 0);
    let done = 0;
    try {
      while (done < bytes.length) {
        const step = file.read(bytes.subarray(done), offset + done);
        if (step <= 0) break;
        done += step;
      }
    } catch {
      // a sector that cannot be read is missing like any other damage
    }
    return bytes.subarray(0, done);
  };
}
