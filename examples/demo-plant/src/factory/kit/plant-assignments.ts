import type { PlantInput, PlantMeter } from "./plant-connection.ts";
import { plantGrid, plantTariff } from "./plant-energy.ts";

/** Asks the API of a server, as who installs it; undefined where it answers that there is no such thing. */
export type Ask = (method: string, path: string, body?: unknown) => Promise<unknown>;

interface KnownSignal {
  readonly id: string;
  readonly address?: string;
}

/**
 * Assigns what nobody assigned yet: elements of KPIs by formulas, meters of lines, the tariff and the grid. What people changed stays. Returns how many wait for a signal or station that the server does not have
 * yet; one that it will never have waits for ever, quietly.
 */
export async function assign(ask: Ask, inputs: readonly PlantInput[], meters: readonly PlantMeter[]): Promise<number> {
  const connections = ((await ask("GET", "connections")) as readonly { readonly id: string }[]).map(({ id }) => id);
  const found = new Map<string, string | undefined>();
  const signalOf = async (name: string): Promise<string | undefined> => {
    if (!found.has(name)) found.set(name, await signalNamed(ask, connections, name));
    return found.get(name);
  };
  const known = (await ask("GET", "kpi-inputs")) as
    | { readonly inputs: readonly PlantInput[]; readonly places: readonly { readonly place: string }[] }
    | undefined;
  let waiting = 0;
  for (const { symbol, place, formula } of known === undefined ? [] : inputs) {
    if (known?.inputs.some((each) => each.symbol === symbol && each.place === place)) continue;
    const text = known?.places.some((each) => each.place === place) ? await written(formula, signalOf) : undefined;
    if (text === undefined) waiting++;
    else await ask("PUT", "kpi-inputs", { symbol, place, formula: text });
  }
  return waiting + (await assignMeters(ask, meters, signalOf)) + (await assignGrid(ask, signalOf));
}

async function assignGrid(ask: Ask, signalOf: (name: string) => Promise<string | undefined>): Promise<number> {
  const tariffs = (await ask("GET", "energy-tariffs")) as readonly unknown[] | undefined;
  if (tariffs?.length === 0) await ask("PUT", `energy-tariffs/${plantTariff.name}`, { fields: plantTariff.fields });
  const grid = (await ask("GET", "carbon-grid")) as { readonly fields?: unknown } | undefined;
  if (grid === undefined || grid.fields !== undefined) return 0;
  const { address, ...fields } = plantGrid;
  const signal = await signalOf(address);
  if (signal === undefined) return 1;
  await ask("PUT", "carbon-grid", { fields: { ...fields, signal } });
  return 0;
}

async function assignMeters(
  ask: Ask,
  meters: readonly PlantMeter[],
  signalOf: (name: string) => Promise<string | undefined>,
): Promise<number> {
  const known = (await ask("GET", "energy-meters")) as readonly { readonly signal: string }[] | undefined;
  const lines = (await ask("GET", "lines")) as { readonly lines: readonly { readonly id: string; readonly shell: string }[] } | undefined;
  let waiting = 0;
  for (const { address, line, unit } of known === undefined ? [] : meters) {
    const signal = await signalOf(address);
    const shell = lines?.lines.find(({ id }) => id === line)?.shell;
    if (signal === undefined || shell === undefined) waiting++;
    else if (!known?.some((each) => each.signal === signal))
      await ask("PUT", `energy-meters/${encodeURIComponent(signal)}`, { fields: { shell, unit } });
  }
  return waiting;
}

/** The formula with the ids of its signals; undefined while one is not there. */
async function written(formula: string, signalOf: (name: string) => Promise<string | undefined>): Promise<string | undefined> {
  let text = formula;
  for (const [whole, name] of formula.matchAll(/\{([^}]+)\}/g)) {
    const id = await signalOf(name!);
    if (id === undefined) return undefined;
    text = text.replace(whole, id);
  }
  return text;
}

/** By the end of its address, before what a payload has inside. */
async function signalNamed(ask: Ask, connections: readonly string[], name: string): Promise<string | undefined> {
  for (const connection of connections) {
    const path = `connections/${encodeURIComponent(connection)}/signals?limit=1000`;
    const { signals } = (await ask("GET", path)) as { readonly signals: readonly KnownSignal[] };
    const signal = signals.find(({ address = "" }) => address === name || /[./=]/.test(before(address, name)));
    if (signal) return signal.id;
  }
  return undefined;
}

/** The character before the name where the address ends with it. */
function before(address: string, name: string): string {
  const [plain = ""] = address.split("#/value");
  return plain.endsWith(name) ? plain.charAt(plain.length - name.length - 1) : "";
}
