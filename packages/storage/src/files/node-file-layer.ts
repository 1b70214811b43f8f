import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import type { FileLayer, OpenFile } from "./file-layer.ts";

const flags = { create: "wx+", read: "r", write: "r+" } as const;

/** The machine's own file system. */
export const nodeFileLayer: FileLayer = {
  makeDirectory: (path) => void mkdirSync(path, { recursive: true }),
  list: (directory) => readdirSync(directory).sort(),
  open: (path, mode) => openFile(openSync(path, flags[mode])),
  stamp(path) {
    const { size, mtimeNs } = statSync(path, { bigint: true });
    return `${size} ${mtimeNs}`;
  },
  rename: renameSync,
  remove: unlinkSync,
  fsyncDirectory(path) {
    // Windows has no fsync of directories and makes names durable by itself.
    if (process.platform === "win32") return;
    const directory = openSync(path, "r");
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  },
};

function openFile(descriptor: number): OpenFile {
  return {
    read: (into, position) => readSync(descriptor, into, 0, into.length, position),
    write: (bytes, position) => writeSync(descriptor, bytes, 0, bytes.length, position),
    // The length is part of what fdatasync keeps; only times of access and change are not.
    fsync: () => fdatasyncSync(descriptor),
    truncate: (length) => ftruncateSync(descriptor, length),
    size: () => fstatSync(descriptor).size,
    close: () => closeSync(descriptor),
  };
}
