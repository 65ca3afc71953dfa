using Eclusier.Postgres.Diagnostics;
using FsCheck;
using FsCheck.Fluent;

namespace Eclusier.Postgres.Tests.Diagnostics;

/// <summary>Which table a column's name means.</summary>
[Trait("Needs", "no server")]
public sealed class ReferenceNamesTests
{
    [Theory]
    [InlineData("contact_id", "contacts")]
    [InlineData("contact_id", "contact")]
    [InlineData("contactId", "contacts")]
    [InlineData("contactId", "Contacts")]
    [InlineData("userProfileId", "user_profiles")]
    [InlineData("user_profile_id", "UserProfiles")]
    [InlineData("company_id", "companies")]
    [InlineData("key_id", "keys")]
    [InlineData("status_id", "statuses")]
    [InlineData("address_id", "addresses")]
    [InlineData("box_id", "boxes")]
    [InlineData("branch_id", "branches")]
    [InlineData("wish_id", "wishes")]
    [InlineData("person_id", "people")]
    [InlineData("sales_person_id", "sales_people")]
    [InlineData("child_id", "children")]
    public void A_column_refers_to_the_table_of_its_name(string column, string table) => Assert.Equal(table, new ReferenceNames(["other", table]).Table(column));

    [Theory]
    [InlineData("paid", "pas")]
    [InlineData("id", "ids")]
    [InlineData("_id", "s")]
    [InlineData("Id", "s")]
    [InlineData("ID", "s")]
    [InlineData("contactid", "contacts")]
    [InlineData("contact_uuid", "contacts")]
    [InlineData("stripe_contact_id", "contacts")]
    [InlineData("contacts_id", "contact")]
    [InlineData("key_id", "keies")]
    [InlineData("person_id", "peoples")]
    public void A_column_of_another_name_refers_to_none(string column, string table) => Assert.Null(new ReferenceNames([table]).Table(column));

    [Fact]
    public void Of_two_tables_neither_is_meant() => Assert.Null(new ReferenceNames(["contact", "contacts"]).Table("contact_id"));

    [Fact]
    public void No_name_is_too_odd_and_a_table_is_found_by_its_own()
    {
        var names = ArbMap.Default.GeneratorFor<NonNull<string>>();
        Prop.ForAll(Arb.From(Gen.Zip(names, names)), pair => new ReferenceNames([pair.Item2.Get, "x"]).Table(pair.Item1.Get + "_id") is not { } table || table == pair.Item2.Get || table == "x").QuickCheckThrowOnFailure();
        Prop.ForAll(Arb.From(Gen.Elements("tag", "party", "wish", "day", "order_line", "proxy", "bus")), stem => new ReferenceNames([stem]).Table(stem + "_id") == stem).QuickCheckThrowOnFailure();
    }
}
