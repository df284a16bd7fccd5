/** Where the endpoints are, below the public URL. Part of what clients and providers are told: stable. */
export const PATHS = {
  authorize: '/authorize',
  consent: '/consent',
  signIn: '/sign-in',
  callback: '/auth/callback',
  loginCheck: '/login-check',
  loginCheckSignIn: '/login-check/sign-in',
  logout: '/logout',
  logoutDone: '/logout/done',
  token: '/token',
  register: '/register',
  revoke: '/revoke',
  introspect: '/introspect',
  jwks: '/jwks',
} as const;
