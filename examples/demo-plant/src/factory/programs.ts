import { energy } from "./energy/energy.ts";
import { erp } from "./erp/erp.ts";
import { genealogy } from "./genealogy/genealogy.ts";
import type { ProgramKind } from "./kit/program.ts";
import { roster } from "./roster/roster.ts";
import { scanners } from "./scanners/scanners.ts";
import { stores } from "./stores/stores.ts";
import { testBench } from "./test-bench/test-bench.ts";
import { toolCounters } from "./tools/tools.ts";

/** Everything that stands beside the plant. */
export const programs: readonly ProgramKind[] = [erp, scanners, testBench, roster, stores, energy, toolCounters, genealogy];
