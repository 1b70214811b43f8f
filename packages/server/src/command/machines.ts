import { join } from "node:path";
import { enrolMachine, printAnswer, worldOfServer } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { isOwned, openDataFolder } from "@doppelwerk/storage/files";
import { DoppelwerkError } from "@doppelwerk/world";
import { logStopped, type CommandLineAct } from "../transparency/append-stopped.ts";
import { CertificateStore, certificatesPath } from "../certificates/certificate-store.ts";
import { machinesPath } from "../machines/machines.ts";
import { MACHINE_ROLES, MachineStore, stateOf, type Machine, type MachineRole } from "../machines/machine-store.ts";

export interface MachinesCommandOptions {
  readonly data: string;
  readonly json?: boolean;
}

export async function listMachines(options: MachinesCommandOptions): Promise<void> {
  const machines = new MachineStore(machinesPath(options.data)).list().map(shown);
  const lines = machines.map(
    ({ name, state, roles, seen }) => `${name.padEnd(24)} ${state.padEnd(9)} ${roles.join(", ").padEnd(24)} ${seen?.time ?? "never seen"}`,
  );
  printAnswer(options, { machines }, lines.length === 0 ? "no machines" : lines.join("\n"));
}

export async function addMachine(
  name: string,
  options: MachinesCommandOptions & { readonly role?: readonly string[]; readonly expires?: string; readonly token?: boolean },
): Promise<void> {
  const roles = (options.role ?? ["viewer"]).map(roleOf);
  const expires = options.expires === undefined ? undefined : expiryOf(options.expires);
  await changed(options, (store, did) => {
    const { id } = store.create({ name, roles, ...(expires !== undefined && { expires }) });
    did({ operation: "kernel.createMachine", machine: id });
    did({ operation: options.token === true ? "kernel.giveMachineToken" : "kernel.offerMachineCode", machine: id });
    if (options.token === true) printToken(store, id, options);
    else printCode(store, id, options);
  });
}

export async function offerCode(name: string, options: MachinesCommandOptions): Promise<void> {
  await changed(options, (store, did) => {
    const { id } = machineOf(store, name);
    did({ operation: "kernel.offerMachineCode", machine: id });
    printCode(store, id, options);
  });
}

export async function giveToken(name: string, options: MachinesCommandOptions): Promise<void> {
  await changed(options, (store, did) => {
    const { id } = machineOf(store, name);
    did({ operation: "kernel.giveMachineToken", machine: id });
    printToken(store, id, options);
  });
}

export async function setDisabled(name: string, isDisabled: boolean, options: MachinesCommandOptions): Promise<void> {
  await changed(options, (store, did) => {
    const machine = store.update(machineOf(store, name).id, ({ disabled: _disabled, ...known }) => ({
      ...known,
      ...(isDisabled && { disabled: true as const }),
    }));
    did({ operation: "kernel.changeMachine", machine: machine.id });
    printAnswer(options, shown(machine), `${machine.name} is ${isDisabled ? "disabled" : "enabled"}`);
  });
}

export async function removeMachine(name: string, options: MachinesCommandOptions): Promise<void> {
  await changed(options, (store, did) => {
    const machine = machineOf(store, name);
    store.remove(machine.id);
    did({ operation: "kernel.removeMachine", machine: machine.id });
    new CertificateStore(certificatesPath(options.data), () => Date.now()).revoke(machine.id);
    printAnswer(options, { removed: machine.name }, `${machine.name} is removed`);
  });
}

export async function revokeCertificates(name: string, options: MachinesCommandOptions): Promise<void> {
  await changed(options, (store, did) => {
    const machine = machineOf(store, name);
    did({ operation: "kernel.revokeMachineCertificates", machine: machine.id });
    const revoked = new CertificateStore(certificatesPath(options.data), () => Date.now()).revoke(machine.id);
    printAnswer(options, { machine: machine.name, revoked }, `${revoked} certificates of ${machine.name} are revoked`);
  });
}

/** On the machine itself. */
export async function enrol(
  code: string,
  options: { readonly server: string; readonly key: string; readonly json?: boolean },
): Promise<void> {
  const machine = await enrolMachine(worldOfServer(options.server).baseUrl, code, options.key);
  printAnswer(
    options,
    machine,
    `${machine.name} is enrolled with the roles ${machine.roles.join(", ")} as\n  ${machine.did ?? machine.id}`,
  );
}

function printCode(store: MachineStore, id: string, options: MachinesCommandOptions): void {
  const code = store.offerCode(id, Date.now());
  const machine = shown(store.byId(id)!);
  const text = `${machine.name} has the roles ${machine.roles.join(", ")} and enrols within 15 minutes, once the server runs, with\n  doppelwerk machines enrol ${code} --server https://SERVER --key FILE`;
  printAnswer(options, { ...machine, code }, text);
}

function printToken(store: MachineStore, id: string, options: MachinesCommandOptions): void {
  const token = store.giveToken(id, Date.now());
  const machine = shown(store.byId(id)!);
  const text = `${machine.name} has the roles ${machine.roles.join(", ")} until ${machine.expires!} and sends with each request\n  Authorization: Bearer ${token}`;
  printAnswer(options, { ...machine, token }, text);
}

/**
 * Changes the machines of a folder that no server runs on: one that does has them in memory. What was done is an entry of the transparency log.
 * Errors: DW_CONFLICT, and those of the log.
 */
async function changed(
  options: MachinesCommandOptions,
  change: (store: MachineStore, did: (act: CommandLineAct) => void) => void,
): Promise<void> {
  const { data } = options;
  if (isOwned(join(data, "lease.sqlite"))) throw new DoppelwerkError("DW_CONFLICT", message("server.machinesServerRuns", { data }));
  const folder = await openDataFolder(data, { owner: `doppelwerk machines ${process.pid}` });
  try {
    const store = new MachineStore(machinesPath(data));
    await logStopped(data, (did) => change(store, did));
  } finally {
    await folder.close();
  }
}

function machineOf(store: MachineStore, name: string): Machine {
  const machine = store.byName(name);
  if (machine === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noMachineOfName", { name }));
  return machine;
}

function roleOf(role: string): MachineRole {
  if (!(MACHINE_ROLES as readonly string[]).includes(role))
    throw new DoppelwerkError("DW_INVALID", message("server.roleNotOfMachine", { role, roles: MACHINE_ROLES.join(", ") }));
  return role as MachineRole;
}

function expiryOf(text: string): string {
  const time = Date.parse(text);
  if (!Number.isFinite(time)) throw new DoppelwerkError("DW_INVALID", message("server.notATime", { text }));
  return new Date(time).toISOString();
}

function shown(
  machine: Machine,
): Pick<Machine, "id" | "name" | "roles" | "expires" | "seen"> & { readonly state: ReturnType<typeof stateOf> } {
  const { id, name, roles, expires, seen } = machine;
  return {
    id,
    name,
    roles,
    state: stateOf(machine, Date.now()),
    ...(expires !== undefined && { expires }),
    ...(seen !== undefined && { seen }),
  };
}
