// A PLC by another hand for tests: the server of libsnap7 (LGPL) through `node:ffi`, in a process of its own. The library path is the first argument.
// Parent to child: `PlcOrder`. Child to parent: its port, then one answer an order. It ends with its parent.

export type PlcOrder =
  | { readonly do: "write"; readonly area: PlcArea; readonly db?: number; readonly at: number; readonly hex: string }
  | { readonly do: "remove"; readonly db: number }
  | { readonly do: "add"; readonly db: number; readonly size: number };
export type PlcArea = keyof typeof AREAS;

/** Area codes of `Srv_RegisterArea`: inputs, outputs, flags, data blocks. */
const AREAS = { I: 0, Q: 1, M: 2, DB: 5 } as const;
const LOCAL_PORT = 1;

const library = process.argv[2]!;
const port = Number(process.argv[3]);
const { size, dbs } = JSON.parse(process.argv[4]!) as { readonly size: number; readonly dbs: Readonly<Record<string, number>> };

const ffi = process.getBuiltinModule("node:ffi");
const snap7 = new ffi.DynamicLibrary(library);
type Call = (...given: (number | bigint)[]) => number | bigint;
const bound = (name: string, returns: string, ...parameters: string[]): Call =>
  snap7.getFunction(name, { arguments: parameters, return: returns } as never) as unknown as Call;
const create = bound("Srv_Create", "uint64");
const setParam = bound("Srv_SetParam", "int32", "uint64", "int32", "pointer");
const startTo = bound("Srv_StartTo", "int32", "uint64", "pointer");
const register = bound("Srv_RegisterArea", "int32", "uint64", "int32", "uint16", "pointer", "int32");
const unregister = bound("Srv_UnregisterArea", "int32", "uint64", "int32", "uint16");

/** What the library was given must outlive it: it reads and writes this memory from threads of its own. */
const memory = new Map<string, ArrayBuffer>();
const server = create() as bigint;

function check(code: number | bigint, what: string): void {
  if (Number(code) !== 0) throw new Error(`${what}: libsnap7 says ${Number(code).toString(16)}`);
}

function area(name: PlcArea, index: number, bytes: number): void {
  const block = new ArrayBuffer(bytes);
  memory.set(`${name}${index}`, block);
  check(register(server, AREAS[name], index, ffi.getRawPointer(block), bytes), `area ${name}${index}`);
}

function pointerTo(bytes: Uint8Array<ArrayBuffer>): bigint {
  memory.set(`kept ${memory.size}`, bytes.buffer);
  return ffi.getRawPointer(bytes.buffer);
}

check(setParam(server, LOCAL_PORT, pointerTo(new Uint8Array(new Uint16Array([port, 0, 0, 0]).buffer))), "port");
for (const name of ["I", "Q", "M"] as const) area(name, 0, size);
for (const [db, bytes] of Object.entries(dbs)) area("DB", Number(db), bytes);
check(startTo(server, pointerTo(new TextEncoder().encode("127.0.0.1\0"))), "start");

process.on("message", (order: PlcOrder) => {
  if (order.do === "write") Buffer.from(memory.get(`${order.area}${order.db ?? 0}`)!).set(Buffer.from(order.hex, "hex"), order.at);
  else if (order.do === "remove") check(unregister(server, AREAS.DB, order.db), `DB ${order.db}`);
  else area("DB", order.db, order.size);
  process.send!("done");
});
process.on("disconnect", () => process.exit(0));
process.send!("ready");
