// No imports: the rules run from a folder outside the checkout, where none would be found.
const ODOO = ["odoo", "luxon", "owl", "Chart", "DOMPurify"];
const BROWSER = [
    "window", "document", "console", "navigator", "location", "history", "URL", "URLSearchParams",
    "fetch", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "requestAnimationFrame",
    "Event", "CustomEvent", "HTMLElement", "FormData", "Intl", "ResizeObserver",
    "IntersectionObserver", "navigation", "localStorage", "sessionStorage",
];

export default [
    {
        files: ["**/*.js"],
        linterOptions: { reportUnusedDisableDirectives: "error" },
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: Object.fromEntries([...ODOO, ...BROWSER].map((name) => [name, "readonly"])),
        },
        rules: {
            curly: "error",
            eqeqeq: "error",
            "no-console": ["error", { allow: ["warn", "error"] }],
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-class-members": "error",
            "no-dupe-keys": "error",
            "no-duplicate-imports": "error",
            "no-eval": "error",
            "no-fallthrough": "error",
            "no-implied-eval": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-shadow": "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
        },
    },
];
