"""What streams and tenants may use and have used, for the services that analyse as well."""
