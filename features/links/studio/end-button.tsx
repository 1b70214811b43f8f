import { Button } from "@mantine/core";
import { useStudio, useTask } from "@doppelwerk/kit/studio";
import type { ReactNode } from "react";

interface EndButtonProps {
  readonly text: string;
  /** Text and what it ends: for readers of the screen, and title of the notice where it fails. */
  readonly label: string;
  readonly end: () => Promise<unknown>;
  readonly onEnded: () => void;
}

/** Revokes a grant or removes a link. */
export function EndButton({ text, label, end, onEnded }: EndButtonProps): ReactNode {
  const studio = useStudio();
  const task = useTask((_, error) => studio.notifyFailure(error, label));
  const press = (): void =>
    task.run(async () => {
      await end();
      onEnded();
    });
  return (
    <Button size="compact-sm" variant="default" color="red" loading={task.busy} aria-label={label} onClick={press}>
      {text}
    </Button>
  );
}
