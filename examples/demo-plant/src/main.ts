import { readOptions, usage, type PlantOptions } from "./options.ts";

// A wrong word is answered at once: the protocol libraries are loaded only after the options are understood.

const options = optionsOrUsage();
if (options.help) process.stdout.write(usage);
else {
  const { runPlant } = await import("./run-plant.ts");
  await runPlant(options).catch((error: unknown) => {
    process.stderr.write(`the demo plant cannot start: ${(error as Error).message}\n`);
    process.exit(1);
  });
}

function optionsOrUsage(): PlantOptions {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return process.exit(2);
  }
}
