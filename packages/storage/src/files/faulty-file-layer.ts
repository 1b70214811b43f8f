import { dirname, basename } from "node:path";
import type { FileLayer, OpenFile } from "./file-layer.ts";

/** Thrown by every call from the moment the power fails. */
export class PowerLoss extends Error {
  constructor() {
    super("the power failed");
    this.name = "PowerLoss";
  }
}

export interface FaultyLayer extends FileLayer {
  /** The power fails in the middle of the n-th call from now. */
  failPowerAfter(calls: number): void;
  /** Further writes of bytes are refused (ENOSPC) once so many are stored in all; the last one is cut short. */
  limitBytes(bytes: number): void;
  /** The next `times` calls of an operation fail with EIO; a write may have stored part of its bytes. */
  failNext(operation: "write" | "fsync" | "truncate" | "fsyncDirectory", times: number): void;
  /** Writes store fewer bytes than given now and then. */
  shortWrites(on: boolean): void;
  /** What a restarted machine finds: of everything not fsynced any part may be there, whole, torn by sectors, or not at all. */
  afterPowerLoss(): FaultyLayer;
  /** The files as they are seen now. */
  contents(): ReadonlyMap<string, Uint8Array>;
  /** Replaces a file's content behind everyone's back: bit rot. */
  damage(path: string, change: (bytes: Uint8Array) => Uint8Array): void;
}

type Operation =
  | { readonly kind: "write"; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly length: number };

interface Inode {
  durable: Uint8Array;
  current: Uint8Array;
  pending: Operation[];
  /** Counted up by every change. */
  changes: number;
}

const SECTOR = 512;

/** A file system in memory that loses what was not fsynced. `random` gives numbers in [0, 1); the same seed loses the same bytes. */
export function createFaultyLayer(random: () => number): FaultyLayer {
  return faultyLayer(random, new Map());
}

function faultyLayer(random: () => number, stored: ReadonlyMap<string, Uint8Array>): FaultyLayer {
  const names = new Map<string, Inode>(
    [...stored].map(([path, bytes]) => [path, { durable: bytes, current: bytes, pending: [], changes: 0 }]),
  );
  let durableNames = new Map(names);
  let callsLeft = Infinity;
  let bytesMax = Infinity;
  let short = false;
  const failing = new Map<string, number>();

  /** True when the power fails in this very call. */
  const call = (): boolean => {
    if (callsLeft <= 0) throw new PowerLoss();
    callsLeft--;
    return callsLeft <= 0;
  };
  const failsNow = (operation: string): boolean => {
    const left = failing.get(operation) ?? 0;
    if (left > 0) failing.set(operation, left - 1);
    return left > 0;
  };
  const used = (): number => [...names.values()].reduce((sum, { current }) => sum + current.length, 0);

  const openInode = (inode: Inode): OpenFile => ({
    read(into, position) {
      call();
      const part = inode.current.subarray(position, position + into.length);
      into.set(part);
      return part.length;
    },
    write(bytes, position) {
      const powerFails = call();
      const broken = failsNow("write");
      let length = bytes.length;
      if (broken || powerFails) length = Math.floor(random() * (length + 1));
      else if (short && random() < 0.5) length = Math.max(1, Math.floor(random() * length));
      const room = bytesMax - used() + Math.max(0, inode.current.length - position);
      const full = length > room;
      length = Math.max(0, Math.min(length, room));
      if (length > 0) doOn(inode, { kind: "write", position, bytes: bytes.slice(0, length) });
      if (powerFails) throw new PowerLoss();
      if (broken) throw new Error("EIO: i/o error, write");
      if (full && length === 0) throw new Error("ENOSPC: no space left on device, write");
      return length;
    },
    fsync() {
      const powerFails = call();
      if (powerFails) throw new PowerLoss();
      if (failsNow("fsync")) throw new Error("EIO: i/o error, fsync");
      inode.durable = inode.current;
      inode.pending = [];
    },
    truncate(length) {
      const powerFails = call();
      if (failsNow("truncate")) throw new Error("EIO: i/o error, ftruncate");
      doOn(inode, { kind: "truncate", length });
      if (powerFails) throw new PowerLoss();
    },
    size() {
      call();
      return inode.current.length;
    },
    close() {},
  });

  return {
    makeDirectory: () => void call(),
    list(directory) {
      call();
      return [...names.keys()]
        .filter((path) => dirname(path) === directory)
        .map((path) => basename(path))
        .sort();
    },
    open(path, mode) {
      const powerFails = call();
      let inode = names.get(path);
      if (mode === "create" && inode !== undefined) throw new Error(`EEXIST: file already exists, open '${path}'`);
      if (mode !== "create" && inode === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
      if (inode === undefined)
        names.set(path, (inode = { durable: new Uint8Array(0), current: new Uint8Array(0), pending: [], changes: 0 }));
      if (powerFails) throw new PowerLoss();
      return openInode(inode);
    },
    stamp(path) {
      call();
      const inode = names.get(path);
      if (inode === undefined) throw new Error(`ENOENT: no such file, stat '${path}'`);
      return `${inode.current.length} ${inode.changes}`;
    },
    rename(from, to) {
      const powerFails = call();
      const inode = names.get(from);
      if (inode === undefined) throw new Error(`ENOENT: no such file, rename '${from}'`);
      names.delete(from);
      names.set(to, inode);
      if (powerFails) throw new PowerLoss();
    },
    remove(path) {
      const powerFails = call();
      if (!names.delete(path)) throw new Error(`ENOENT: no such file, unlink '${path}'`);
      if (powerFails) throw new PowerLoss();
    },
    fsyncDirectory(path) {
      const powerFails = call();
      if (powerFails) throw new PowerLoss();
      if (failsNow("fsyncDirectory")) throw new Error("EIO: i/o error, fsync of a directory");
      const others = [...durableNames].filter(([name]) => dirname(name) !== path);
      durableNames = new Map([...others, ...[...names].filter(([name]) => dirname(name) === path)]);
    },
    failPowerAfter: (calls) => void (callsLeft = calls),
    limitBytes: (bytes) => void (bytesMax = bytes),
    failNext: (operation, times) => void failing.set(operation, times),
    shortWrites: (on) => void (short = on),
    afterPowerLoss() {
      const survivors = new Map<string, Uint8Array>();
      for (const path of new Set([...durableNames.keys(), ...names.keys()])) {
        const [was, is] = [durableNames.get(path), names.get(path)];
        const inode = was === is || random() < 0.5 ? is : was;
        if (inode !== undefined) survivors.set(path, survivingBytes(inode, random));
      }
      return faultyLayer(random, survivors);
    },
    contents: () => new Map([...names].map(([path, { current }]) => [path, current])),
    damage(path, change) {
      const inode = names.get(path);
      if (inode === undefined) throw new Error(`no such file: ${path}`);
      inode.current = inode.durable = change(inode.current.slice());
      inode.pending = [];
      inode.changes++;
    },
  };
}

function doOn(inode: Inode, operation: Operation): void {
  inode.current = applied(inode.current, operation);
  inode.pending.push(operation);
  inode.changes++;
}

function applied(bytes: Uint8Array, operation: Operation): Uint8Array {
  const length = operation.kind === "truncate" ? operation.length : Math.max(bytes.length, operation.position + operation.bytes.length);
  const next = new Uint8Array(length);
  next.set(bytes.subarray(0, length));
  if (operation.kind === "write") next.set(operation.bytes, operation.position);
  return next;
}

/** Each operation that was not fsynced may be lost; of a write some sectors may be there and others not. */
function survivingBytes({ durable, pending }: Inode, random: () => number): Uint8Array {
  let bytes = durable;
  for (const operation of pending) {
    const luck = random();
    if (luck < 0.3) continue;
    if (operation.kind === "truncate" || luck < 0.6) bytes = applied(bytes, operation);
    else for (const sector of sectorsOf(operation)) if (random() < 0.5) bytes = applied(bytes, sector);
  }
  return bytes;
}

function sectorsOf({ position, bytes }: { readonly position: number; readonly bytes: Uint8Array }): readonly Operation[] {
  const sectors: Operation[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = Math.min(bytes.length, start + SECTOR - ((position + start) % SECTOR));
    sectors.push({ kind: "write", position: position + start, bytes: bytes.subarray(start, end) });
    start = end;
  }
  return sectors;
}
