import { filesOfComponent, openComponents } from "@doppelwerk/engines/components";
import type { ComponentCode } from "@doppelwerk/sim";
import { timed } from "./report.ts";

const CALLS = 20_000;
const PACK = { pack: "bench", version: "1.0.0" };
const MODULE = "./sim/vat.js";
/** As authors write one: hours by product, three steps with a resource, a number that the place keeps, what it uses up, chance. */
const SOURCE = `
export default {
  open: ({ parameters: { hoursOf } }) => ({
    begin({ product, state, random }) {
      const batches = state.batches + 1;
      const hours = hoursOf[product] * (0.95 + 0.1 * random());
      return {
        steps: [{ seconds: 900, holds: "operator" }, { seconds: hours * 3600 }, { seconds: 600, holds: "operator" }],
        outcome: random() < 0.02 ? "rework" : "pass",
        state: { batches: batches % 10 },
        uses: { water: 100 + batches },
      };
    },
  }),
};`;

/** Processor time of one call of a simulation component in its sandbox, µs: a row of numbers in, a row out. */
export async function componentCall(): Promise<number> {
  const files = await filesOfComponent(`${PACK.pack} ${PACK.version}`, MODULE, () => SOURCE);
  const uses = [{ id: "water", unit: "L", title: { en: "Water", zh: "水" } }];
  const declared = {
    id: "bench.vat",
    defaults: { hoursOf: { pale: 6 } },
    state: ["batches"],
    part: [],
    uses,
    resources: ["operator"],
    draws: 2,
  };
  const components = await openComponents([{ ...PACK, ...declared, module: MODULE, files, checksum: "" } as ComponentCode]);
  const station = { station: "V1", places: 1, parameters: {}, products: [{ id: "pale", attributes: {} }] };
  const opened = components.open(declared.id, station);
  const call = (): Float64Array => opened.begin(Float64Array.of(0, 0, 0, 0, 0, 3, 0.4, 0.6));
  for (let at = 0; at < 500; at++) call();
  const { cpuS } = await timed(() => {
    for (let at = 0; at < CALLS; at++) call();
  });
  components.dispose();
  return (cpuS * 1e6) / CALLS;
}
