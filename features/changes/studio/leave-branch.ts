import { LIVE } from "@doppelwerk/world";
import type { Studio } from "@doppelwerk/kit/studio";

export default function leaveBranch(studio: Studio): void {
  studio.address.go({ branch: LIVE });
}
