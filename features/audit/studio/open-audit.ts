import type { Studio } from "@doppelwerk/kit/studio";

export default function openAudit({ address }: Studio): void {
  address.go({ audit: "" });
}
