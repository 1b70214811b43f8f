import { PermissionType, StatusCodes } from "node-opcua";
import type { BaseNode, CallMethodResultOptions, ISessionContext, RolePermissionTypeOptions, UAMethod, Variant } from "node-opcua";
import { mayCall } from "./gate.ts";
import type { AlarmActed } from "./message.ts";

export type MethodAnswer = (inputs: readonly Variant[], user: string | undefined) => Promise<AlarmActed>;

/** Everything below a condition is read like the condition; its methods are called by those who may do more than read. */
export function guardAll(node: BaseNode, reading: readonly RolePermissionTypeOptions[]): void {
  node.setRolePermissions([...reading]);
  for (const part of node.findReferencesExAsObject("Aggregates")) {
    guardAll(part, reading);
    if (isMethod(part)) part.setRolePermissions(reading.map(withCall));
  }
}

/** Whoever may read may ask what stands. */
export function openRefresh(conditionType: BaseNode, reading: readonly RolePermissionTypeOptions[]): void {
  const asking = reading.map(({ roleId, permissions }) => ({ roleId, permissions: Number(permissions) | PermissionType.Call }));
  conditionType.setRolePermissions(asking);
  for (const part of conditionType.findReferencesExAsObject("Aggregates"))
    if (isMethod(part) && part.browseName.name?.startsWith("ConditionRefresh") === true) part.setRolePermissions(asking);
}

function isMethod(node: BaseNode): node is UAMethod {
  return "bindMethod" in node;
}

function withCall({ roleId, permissions }: RolePermissionTypeOptions): RolePermissionTypeOptions {
  return { roleId, permissions: mayCall(roleId) ? Number(permissions) | PermissionType.Call : permissions };
}

/** In place of what the library would do: the answer is the status of the call. */
export function methodOf(method: UAMethod, answer: MethodAnswer): void {
  method.bindMethod(
    (inputs: Variant[], context: ISessionContext, callback: (error: Error | null, result: CallMethodResultOptions) => void) => {
      answer(inputs, userOf(context)).then(
        (acted) => callback(null, { statusCode: StatusCodes[acted] }),
        () => callback(null, { statusCode: StatusCodes.BadInternalError }),
      );
    },
  );
}

/** Who logged in; undefined for whoever did not. */
function userOf({ session }: ISessionContext): string | undefined {
  const { userName } =
    (session as { readonly userIdentityToken?: { readonly userName?: string | null } } | undefined)?.userIdentityToken ?? {};
  return userName ?? undefined;
}
