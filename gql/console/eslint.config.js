import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores(["src/gql/"]),
  tseslint.configs.strict,
  hooks.configs.flat["recommended-latest"],
);
