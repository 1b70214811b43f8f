import { checkBeside } from "./check-beside.ts";

// `npm run test:quick`: the checks and every test that starts no program: pure rooms, what views share and draw, pure parts and views of
// features, and the scripts. Within three minutes on two cores; `npm test` is the whole.
const { checked, tested } = await checkBeside([
  "node_modules/vitest/vitest.mjs",
  "run",
  "--project=sharing",
  "--reporter=dot",
  ...process.argv.slice(2),
]);
process.exit(checked === 0 && tested === 0 ? 0 : 1);
