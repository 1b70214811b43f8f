export { openSecretStore, secretShape, type Secret, type SecretStore } from "./secret-store.ts";
