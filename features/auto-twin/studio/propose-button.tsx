import { Button } from "@mantine/core";
import { IconSitemap } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { propose } from "../calls.ts";
import type { ProposalRequest } from "../contract.ts";

/** Asks for a proposal. */
export function ProposeButton({
  request,
  onBegun,
  disabled = false,
  again = false,
}: {
  readonly request: ProposalRequest;
  readonly onBegun: (id: string) => void;
  readonly disabled?: boolean;
  readonly again?: boolean;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error));
  const begin = (): void => run(() => propose(studio.client, { body: { ...request, language } }).then(({ id }) => onBegun(id)));
  return (
    <Button size="sm" variant="default" loading={busy} disabled={disabled} onClick={begin} leftSection={<IconSitemap size={16} />}>
      {t(again ? "autoTwin.proposeAgain" : "autoTwin.propose")}
    </Button>
  );
}
