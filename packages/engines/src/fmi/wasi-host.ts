/** What a model in WebAssembly may ask of its surroundings. */
export interface WasiHost {
  /** The function of WASI preview 1 of that name. */
  imported(name: string): (...given: (number | bigint)[]) => number;
  /** The end of what the model printed, for an error. */
  lastWords(): string;
}

const BAD_FILE = 8;
const NO_ENTRY = 44;
const NOT_SUPPORTED = 52;
const READ_ONLY = 69;
const RESOURCES = 3;
const FIRST_FILE = 4;
const DIRECTORY_TYPE = 3;
const REGULAR_FILE = 4;
const MAX_PRINTED = 2_000;
const MAX_OPEN = 64;

/**
 * WASI preview 1 for models: the same answers every time. Time stands at 0, chance is always the same, what is printed is kept for errors, and the only files
 * are the resources of the model, to be read. Everything else is refused with ENOTSUP.
 */
export function createWasiHost(resources: ReadonlyMap<string, Uint8Array>, memory: () => WebAssembly.Memory): WasiHost {
  let printed = "";
  const open = new Map<number, { readonly bytes: Uint8Array; at: number }>();
  const view = () => new DataView(memory().buffer);
  const bytes = () => new Uint8Array(memory().buffer);

  const eachVector = (vectors: number, count: number, take: (at: number, length: number) => number): number => {
    let total = 0;
    for (let index = 0; index < count; index++) {
      const length = view().getUint32(vectors + 8 * index + 4, true);
      const taken = take(view().getUint32(vectors + 8 * index, true), length);
      total += taken;
      if (taken < length) break;
    }
    return total;
  };

  const fileStat = (at: number, type: number, size: number): number => {
    bytes().fill(0, at, at + 64);
    view().setUint8(at + 16, type);
    view().setBigUint64(at + 32, BigInt(size), true);
    return 0;
  };

  const named = (at: number, length: number): Uint8Array | undefined =>
    resources.get(
      `/${new TextDecoder()
        .decode(bytes().slice(at, at + length))
        .split("/")
        .filter((part) => part !== "" && part !== ".")
        .join("/")}`,
    );

  const functions: Readonly<Record<string, (...given: number[]) => number>> = {
    args_sizes_get: (count, size) => (view().setUint32(count!, 0, true), view().setUint32(size!, 0, true), 0),
    args_get: () => 0,
    environ_sizes_get: (count, size) => (view().setUint32(count!, 0, true), view().setUint32(size!, 0, true), 0),
    environ_get: () => 0,
    clock_time_get: (_clock, _precision, at) => (view().setBigUint64(at!, 0n, true), 0),
    clock_res_get: (_clock, at) => (view().setBigUint64(at!, 1000n, true), 0),
    random_get: (at, length) => (bytes().fill(0x5a, at!, at! + length!), 0),
    sched_yield: () => 0,
    proc_exit: (code) => {
      throw new Error(`it ended itself with code ${code}`);
    },
    fd_write: (file, vectors, count, written) => {
      if (file !== 1 && file !== 2) return file! >= FIRST_FILE ? READ_ONLY : BAD_FILE;
      const total = eachVector(vectors!, count!, (at, length) => {
        if (printed.length < MAX_PRINTED * 2) printed += new TextDecoder().decode(bytes().slice(at, at + Math.min(length, MAX_PRINTED)));
        return length;
      });
      printed = printed.slice(-MAX_PRINTED);
      view().setUint32(written!, total, true);
      return 0;
    },
    fd_prestat_get: (file, at) => {
      if (file !== RESOURCES) return BAD_FILE;
      view().setUint32(at!, 0, true);
      view().setUint32(at! + 4, "/resources".length, true);
      return 0;
    },
    fd_prestat_dir_name: (file, at, length) => {
      if (file !== RESOURCES) return BAD_FILE;
      bytes().set(new TextEncoder().encode("/resources").subarray(0, length), at);
      return 0;
    },
    path_open: (folder, _follow, path, length, flags, _rights, _inheriting, _fdFlags, at) => {
      if (folder !== RESOURCES) return BAD_FILE;
      if ((flags! & ~2) !== 0) return READ_ONLY;
      const found = named(path!, length!);
      if (found === undefined) return NO_ENTRY;
      if (open.size >= MAX_OPEN) return NOT_SUPPORTED;
      let file = FIRST_FILE;
      while (open.has(file)) file++;
      open.set(file, { bytes: found, at: 0 });
      view().setUint32(at!, file, true);
      return 0;
    },
    fd_read: (file, vectors, count, read) => {
      const source = open.get(file!);
      if (source === undefined) return BAD_FILE;
      const total = eachVector(vectors!, count!, (at, length) => {
        const piece = source.bytes.subarray(source.at, source.at + length);
        bytes().set(piece, at);
        source.at += piece.length;
        return piece.length;
      });
      view().setUint32(read!, total, true);
      return 0;
    },
    fd_seek: (file, offset, whence, at) => {
      const source = open.get(file!);
      if (source === undefined) return BAD_FILE;
      const target = Number(offset) + (whence === 0 ? 0 : whence === 1 ? source.at : source.bytes.length);
      if (target < 0) return NOT_SUPPORTED;
      source.at = target;
      view().setBigUint64(at!, BigInt(target), true);
      return 0;
    },
    fd_close: (file) => (open.delete(file!) ? 0 : BAD_FILE),
    fd_fdstat_get: (file, at) => {
      if (file! > RESOURCES && !open.has(file!)) return BAD_FILE;
      bytes().fill(0, at, at! + 24);
      view().setUint8(at!, file === RESOURCES ? DIRECTORY_TYPE : file! > RESOURCES ? REGULAR_FILE : 2);
      view().setBigUint64(at! + 8, 0xffff_ffffn, true);
      view().setBigUint64(at! + 16, 0xffff_ffffn, true);
      return 0;
    },
    fd_filestat_get: (file, at) => {
      const source = open.get(file!);
      return source === undefined ? BAD_FILE : fileStat(at!, REGULAR_FILE, source.bytes.length);
    },
    path_filestat_get: (folder, _follow, path, length, at) => {
      const found = folder === RESOURCES ? named(path!, length!) : undefined;
      return found === undefined ? NO_ENTRY : fileStat(at!, REGULAR_FILE, found.length);
    },
  };

  return {
    imported: (name) => (functions[name] ?? (() => NOT_SUPPORTED)) as (...given: (number | bigint)[]) => number,
    lastWords: () => (printed.trim() === "" ? "" : `; it printed ${JSON.stringify(printed.trim().slice(-300))}`),
  };
}
