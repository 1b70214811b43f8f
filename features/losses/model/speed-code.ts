/** What a speed below or above the planned run time is called: that is the takt of the line where one is planned, else the ideal cycle. */
export function speedCode(
  seconds: number,
  isOfTakt: boolean,
): "losses.budget.slower" | "losses.budget.faster" | "losses.budget.slowerThanTakt" | "losses.budget.fasterThanTakt" {
  if (seconds < 0) return isOfTakt ? "losses.budget.fasterThanTakt" : "losses.budget.faster";
  return isOfTakt ? "losses.budget.slowerThanTakt" : "losses.budget.slower";
}
