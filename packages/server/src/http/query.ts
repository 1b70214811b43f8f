export { faultsOf, instant, parse } from "@doppelwerk/kit";
