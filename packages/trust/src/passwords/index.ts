export { faultOfPassword, lengthOf, PASSWORD_MAX, PASSWORD_MIN, strengthOfPassword } from "./password-strength.ts";
export type { PasswordFault, PasswordStrength } from "./password-strength.ts";
