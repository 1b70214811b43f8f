/** Fitted parameter of a station that a property of its documents declares a value of, by the idShort of the property. */
const PARAMETERS: Readonly<Record<string, string>> = {
  IdealCycleTime: "cycle/",
  MeanOperatingTimeBetweenFailures: "stopBetween/failure",
  MeanTimeBetweenFailures: "stopBetween/failure",
  MeanTimeToFailure: "stopBetween/failure",
  MTBF: "stopBetween/failure",
  MTTF: "stopBetween/failure",
  MeanTimeToRepair: "stopDuration/failure",
  MTTR: "stopDuration/failure",
  MicroStopInterval: "stopBetween/microStop",
  MicroStopDuration: "stopDuration/microStop",
  RejectRate: "reject/1",
  RetestRejectRate: "reject/2",
};

export const DECLARED_NAMES: readonly string[] = Object.keys(PARAMETERS);

export function parameterDeclaredBy(idShort: string): string | undefined {
  return Object.hasOwn(PARAMETERS, idShort) ? PARAMETERS[idShort] : undefined;
}
