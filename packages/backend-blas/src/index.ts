export { blasBackend, type BlasBackend, type BlasBackendOptions } from './blas-backend';
