import { Button } from "@mantine/core";
import type { ButtonProps } from "@mantine/core";
import type { ReactNode } from "react";
import { useAction } from "./use-action.ts";

/** A button for an action of the registry; nothing where no feature registered it. */
export function ActionButton({
  action,
  children,
  ...props
}: ButtonProps & { readonly action: string; readonly children: ReactNode }): ReactNode {
  const run = useAction(action);
  return (
    run !== undefined && (
      <Button {...props} onClick={run}>
        {children}
      </Button>
    )
  );
}
