import type { ReactNode } from "react";
import type { AccountRole, MachineRole } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/ui";

export const ROLES: readonly AccountRole[] = ["viewer", "operator", "engineer", "administrator"];

export const MACHINE_ROLES: readonly MachineRole[] = ["viewer", "operator", "engineer"];

export function RoleNames({ roles }: { readonly roles: readonly AccountRole[] }): ReactNode {
  const { t } = useWords();
  return roles.map((role) => t(`settings.role.${role}`)).join(", ");
}
