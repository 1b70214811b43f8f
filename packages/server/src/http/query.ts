export { faultsOf, faultsText, instant, parse } from "@doppelwerk/kit";
