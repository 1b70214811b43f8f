/** Whether motion is reduced: as it is fixed, else as the system asks, now and whenever that changes. */
export function followMotion(fixed: boolean | undefined, signal: AbortSignal, set: (isReduced: boolean) => void): void {
  if (fixed !== undefined) return set(fixed);
  const asked = matchMedia("(prefers-reduced-motion: reduce)");
  set(asked.matches);
  asked.addEventListener("change", () => set(asked.matches), { signal });
}
