import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { runPlant } from "./run-plant.ts";

const usage = `dye house: jets, a dye kitchen, a washing range and a stenter on OPC UA and Modbus TCP

  node examples/dye-house-plant/src/main.ts [options]

  --data DIR   its folder: dye-house.aasx, keys, ports, clock (default ./dye-house-data)
  --seed N     another plant of the same kind (default 3)
  --days N     how long it has run already when it starts first, 1 to 14 (default 3)
  --steam-lost N  for how many minutes the boiler has failed when it starts first
  --lost NAME  its gateway does not reach this machine (JET3): bad status, no values, until it is started without
  --no-line    leaves out of the engineering file the line that lots pass, which Decide simulates
  --truth      writes truth.json: what each batch really was (for tests)
  --json       only JSON on stdout: the first line says where everything is
`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    data: {
      type: "string",
      default: "dye-house-data",
    },
    seed: {
      type: "string",
      default: "3",
    },
    days: {
      type: "string",
      default: "3",
    },
    "steam-lost": {
      type: "string",
    },
    lost: {
      type: "string",
    },
    line: {
      type: "boolean",
      default: true,
    },
    truth: {
      type: "boolean",
      default: false,
    },
    json: {
      type: "boolean",
      default: false,
    },
    help: {
      type: "boolean",
      default: false,
    },
  },
});
const [seed, days] = [Number(values.seed), Number(values.days)];
const steamLost = values["steam-lost"] === undefined ? undefined : Number(values["steam-lost"]);
if (values.help) process.stdout.write(usage);
else if (!Number.isInteger(seed) || !(days >= 1 && days <= 14) || !(steamLost === undefined || steamLost >= 0)) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else
  await runPlant({
    data: resolve(values.data),
    seed,
    days,
    line: values.line,
    truth: values.truth,
    json: values.json,
    steamLost,
    lost: values.lost,
  });
